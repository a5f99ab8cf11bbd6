// Charts of the ranking pages, coloured with the same tokens as the rest. Every chart stands beside its table.
//
// <div class="echart" data-chart="trend|overdue" data-source="ID" role="img" aria-label="…"></div> and the data as
// {{ data|json_script:"ID" }}:
//   trend    {labels: ["36", …], found: [n, …], closed: [n, …], overdue: [n|null, …]}   weeks or months, oldest first
//   overdue  {labels: ["双八镇", …], values: [n, …]}                                      worst first
// Optional in both: unit (default 条).

import { axis, drawAll, frame, PALE, size, token, words } from "./drawing.js";

// Two panels on one axis, never two scales in one: figures of different size would be compared by their drawing.
function trend(data) {
  const unit = data.unit || "条";
  const left = 52;
  return frame({
    legend: {
      top: 0,
      left: 0,
      itemWidth: 14,
      itemHeight: 10,
      data: [{ name: "发现", icon: "rect" }, { name: "销号", icon: "rect" }, "逾期未整改"],
      textStyle: { color: token("ink-2"), fontSize: 13 },
    },
    axisPointer: { link: [{ xAxisIndex: "all" }] },
    grid: [
      { left: left, right: 12, top: 34, height: "46%" },
      { left: left, right: 12, bottom: 26, height: "22%" },
    ],
    xAxis: [
      axis({ type: "category", data: data.labels, gridIndex: 0, axisLabel: { show: false } }),
      axis({ type: "category", data: data.labels, gridIndex: 1 }),
    ],
    yAxis: [
      axis({ type: "value", gridIndex: 0, min: 0, minInterval: 1, splitNumber: 3 }),
      axis({
        type: "value",
        gridIndex: 1,
        min: 0,
        minInterval: 1,
        splitNumber: 2,
        name: `逾期未整改（${unit}）`,
        nameGap: 8,
        nameTextStyle: Object.assign({ align: "left" }, words),
      }),
    ],
    series: [
      { name: "发现", type: "bar", data: data.found, itemStyle: { color: PALE }, barGap: "10%", barMaxWidth: 14 },
      { name: "销号", type: "bar", data: data.closed, itemStyle: { color: token("blue") }, barMaxWidth: 14 },
      {
        name: "逾期未整改",
        type: "line",
        data: data.overdue,
        xAxisIndex: 1,
        yAxisIndex: 1,
        symbol: "circle",
        symbolSize: 6,
        itemStyle: { color: token("red") },
        lineStyle: { color: token("red"), width: 2, type: "dashed" },
        label: {
          show: true,
          color: token("ink"),
          fontSize: size,
          fontWeight: 600,
          position: "top",
          formatter: (point) => {
            const ends = point.dataIndex === 0 || point.dataIndex === data.overdue.length - 1;
            return ends ? String(point.value) : "";
          },
        },
      },
    ],
  });
}

function overdue(data) {
  const unit = data.unit || "条";
  return frame({
    grid: { left: 8, right: 56, top: 4, bottom: 4, containLabel: true },
    xAxis: axis({ type: "value", min: 0, minInterval: 1, show: false }),
    yAxis: axis({
      type: "category",
      data: data.labels,
      inverse: true,
      axisLabel: Object.assign({}, words, { color: token("ink") }),
    }),
    series: [
      {
        name: "逾期未整改",
        type: "bar",
        barMaxWidth: 18,
        data: data.values.map((value, place) => ({
          value: value,
          itemStyle: { color: place === 0 ? token("blue") : PALE },
        })),
        label: {
          show: true,
          position: "right",
          color: token("ink"),
          fontSize: size,
          fontWeight: 600,
          formatter: `{c} ${unit}`,
        },
      },
    ],
  });
}

drawAll("chart", { trend: trend, overdue: overdue });
