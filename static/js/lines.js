// Lines over periods: a unit's year beside its peers, and the rates of a trend. Every chart stands beside its table.
//
// <div class="echart" data-lines="year|rates" data-source="ID" role="img" aria-label="…"></div> and the data as
// {{ data|json_script:"ID" }}:
//   year   {labels: ["1", …], own: [n|null, …], peers: [n|null, …]}                       scores, oldest first
//   rates  {labels: ["1", …], series: [{name: "整改率", values: [percent|null, …]}, …]}

import { axis, drawAll, frame, size, token, words } from "./drawing.js";

function ends(values) {
  return (point) => {
    const last = values.reduce((found, value, place) => (value === null ? found : place), -1);
    return point.dataIndex === last ? String(point.value) : "";
  };
}

function line(name, values, colour, dashed, place) {
  return {
    name: name,
    type: "line",
    data: values,
    connectNulls: false,
    symbol: "circle",
    symbolSize: dashed ? 0 : 5,
    itemStyle: { color: colour },
    lineStyle: { color: colour, width: dashed ? 1.5 : 2, type: dashed ? "dashed" : "solid" },
    label: {
      show: !dashed,
      position: place || "top",
      color: token("ink"),
      fontSize: size,
      fontWeight: 600,
      formatter: ends(values),
    },
  };
}

function option(labels, series, unit) {
  return frame({
    legend: {
      top: 0,
      left: 0,
      itemWidth: 18,
      itemHeight: 8,
      data: series.map((one) => one.name),
      textStyle: { color: token("ink-2"), fontSize: 13 },
    },
    grid: { left: 8, right: 30, top: 36, bottom: 4, containLabel: true },
    xAxis: axis({ type: "category", data: labels, boundaryGap: false }),
    // Scores and rates move in their upper part: the axis begins below what is there, and says where.
    yAxis: axis({
      type: "value",
      scale: true,
      splitNumber: 3,
      axisLabel: Object.assign({}, words, { formatter: `{value}${unit}` }),
    }),
    series: series,
  });
}

function year(data) {
  return option(
    data.labels,
    [line("得分", data.own, token("blue"), false), line("同类中位", data.peers, token("ink-3"), true)],
    "",
  );
}

const COLOURS = ["blue", "ink-2"];

function rates(data) {
  const series = data.series.map((one, place) =>
    line(one.name, one.values, token(COLOURS[place]), false, place ? "bottom" : "top"),
  );
  return option(data.labels, series, "%");
}

drawAll("lines", { year: year, rates: rates });
