// The map of townships by their outlines: <div data-map data-source="ID" role="img" aria-label="…"></div>, with the data as
// {{ data|json_script:"ID" }}: {shapes: address of the GeoJSON, unit: "分", cells: [{code, name, level, score, overdue, url}, …]}.
// Colours are those of the legend (data-level), so that they are written once, in the style sheet.

import { frame, size, token } from "./drawing.js";

function colours() {
  const found = {};
  document.querySelectorAll("[data-level]").forEach((one) => {
    found[one.dataset.level] = getComputedStyle(one).backgroundColor;
  });
  return found;
}

function area(cell, painted) {
  return {
    name: cell.code,
    value: cell.score === null ? undefined : cell.score,
    itemStyle: { areaColor: painted[cell.level] },
  };
}

function option(cells, painted) {
  const known = new Map(cells.map((cell) => [cell.code, cell]));
  const named = (point) => (known.has(point.name) ? known.get(point.name).name : "");
  return frame({
    tooltip: {
      trigger: "item",
      renderMode: "richText",
      confine: true,
      backgroundColor: token("paper"),
      borderColor: token("line-2"),
      textStyle: { color: token("ink"), fontSize: 13 },
      formatter: (point) => {
        const cell = known.get(point.name);
        return cell ? `${cell.name}\n得分 ${cell.score ?? "无数据"}\n逾期 ${cell.overdue} 条` : "";
      },
    },
    series: [
      {
        type: "map",
        map: "townships",
        roam: false,
        selectedMode: false,
        nameProperty: "name",
        data: cells.map((cell) => area(cell, painted)),
        itemStyle: { borderColor: token("paper"), borderWidth: 1 },
        emphasis: { itemStyle: { areaColor: null, borderColor: token("ink"), borderWidth: 2 } },
        label: { show: cells.length <= 40, formatter: named, fontSize: size, color: token("ink") },
        labelLayout: { hideOverlap: true },
      },
    ],
  });
}

async function draw(box) {
  const data = JSON.parse(document.getElementById(box.dataset.source).textContent);
  const answer = await fetch(data.shapes, { headers: { Accept: "application/json" } });
  if (!answer.ok) {
    box.textContent = "边界没有读到，请刷新页面，或换成方格图。";
    return;
  }
  const shapes = await answer.json();
  const codes = new Set(data.cells.map((cell) => cell.code));
  shapes.features = shapes.features.filter((feature) => codes.has(feature.properties.name));
  echarts.registerMap("townships", shapes);
  const chart = echarts.init(box);
  chart.setOption(option(data.cells, colours()));
  chart.on("click", (point) => {
    const cell = data.cells.find((one) => one.code === point.name);
    if (cell) window.location.assign(cell.url);
  });
  window.addEventListener("resize", () => chart.resize());
}

document.querySelectorAll("[data-map]").forEach(draw);
