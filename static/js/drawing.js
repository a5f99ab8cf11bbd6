// What all charts have in common: the tokens of the page, a frame, axes, and drawing them at the size of their box.

const tokens = getComputedStyle(document.documentElement);
export const token = (name) => tokens.getPropertyValue(`--${name}`).trim();
const family = getComputedStyle(document.body).fontFamily;
export const size = window.matchMedia("(min-width: 1760px)").matches ? 14 : 12;
export const words = { color: token("ink-3"), fontSize: size, fontFamily: family };
export const PALE = "#b9cfe9";

export function frame(option) {
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

export function axis(more) {
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

// What stands folded beside a chart is on paper with it.
window.addEventListener("beforeprint", () => {
  document.querySelectorAll("details.as-table").forEach((one) => {
    one.open = true;
  });
});

/** Draw every `[data-NAME]` box with `drawings[its value](the data named by data-source, the box)`; returns the charts. */
export function drawAll(name, drawings) {
  const charts = [];
  document.querySelectorAll(`[data-${name}]`).forEach((box) => {
    const data = JSON.parse(document.getElementById(box.dataset.source).textContent);
    // Drawn on a canvas: the SVG painter writes style attributes, which the page's policy refuses.
    const chart = echarts.init(box);
    chart.setOption(drawings[box.dataset[name]](data, box));
    charts.push(chart);
  });
  window.addEventListener("resize", () => {
    charts.forEach((chart) => {
      chart.resize();
    });
  });
  return charts;
}
