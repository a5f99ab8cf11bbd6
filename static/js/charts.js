// Charts of the ranking pages, coloured with the same tokens as the rest. Every chart stands beside its table.
//
// <div class="echart" data-chart="trend|overdue" data-source="ID" role="img" aria-label="…"></div> and the data as
// {{ data|json_script:"ID" }}:
//   trend    {labels: ["36", …], found: [n, …], closed: [n, …], overdue: [n|null, …]}   weeks or months, oldest first
//   overdue  {labels: ["双八镇", …], values: [n, …]}                                      worst first
// Optional in both: unit (default 条).

const tokens = getComputedStyle(document.documentElement);
const token = (name) => tokens.getPropertyValue(`--${name}`).trim();
const family = getComputedStyle(document.body).fontFamily;
const size = window.matchMedia("(min-width: 1760px)").matches ? 14 : 12;
const words = { color: token("ink-3"), fontSize: size, fontFamily: family };
const PALE = "#b9cfe9";

function frame(option) {
  return Object.assign(
    {
      animation: false,
      textStyle: { fontFamily: family, fontSize: size },
      // Rich text is drawn on the canvas: an HTML tip would need style attributes, which the page's policy refuses.
      tooltip: {
        trigger: "axis",
        renderMode: "richText",
        confine: true,
        axisPointer: { type: "shadow" },
        backgroundColor: token("paper"),
        borderColor: token("line-2"),
        textStyle: { color: token("ink"), fontSize: 13 },
      },
    },
    option,
  );
}

function axis(more) {
  return Object.assign(
    {
      axisLabel: words,
      nameTextStyle: words,
      axisTick: { show: false },
      axisLine: { lineStyle: { color: token("line-2") } },
      splitLine: { lineStyle: { color: token("line") } },
    },
    more,
  );
}

// Two panels on one axis, never two scales in one: figures of different size would be compared by their drawing.
function trend(data, unit) {
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

function overdue(data, unit) {
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

const drawings = { trend: trend, overdue: overdue };
const charts = [];

document.querySelectorAll("[data-chart]").forEach((box) => {
  const data = JSON.parse(document.getElementById(box.dataset.source).textContent);
  // Drawn on a canvas: the SVG painter writes style attributes, which the page's policy refuses.
  const chart = echarts.init(box);
  chart.setOption(drawings[box.dataset.chart](data, data.unit || "条"));
  charts.push(chart);
});
window.addEventListener("resize", () => {
  charts.forEach((chart) => {
    chart.resize();
  });
});
