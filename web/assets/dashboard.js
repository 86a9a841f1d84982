// The dashboard's one script. Pages read well without it; it keeps them up to date.
//
// A page that is live names its stream in <body data-stream>. Each event of it is the whole
// page as it is now, of which the elements that bear data-live are put in the place of those
// that are there; so a reconnect needs no logic. Elements with data-chart hold their data.
(() => {
  'use strict';
  const staleAfter = 5000, tryAgain = 3000; // ms
  const minutes = 300; // s, that a chart shows
  let source = null, last = Date.now(), retry = 0;
  const charts = new Map(); // by data-live name of the element around: uPlot

  const swap = (html) => {
    const fresh = new DOMParser().parseFromString(html, 'text/html');
    for (const there of document.querySelectorAll('[data-live]')) {
      const next = [...fresh.querySelectorAll('[data-live]')].find((e) => e.dataset.live === there.dataset.live);
      if (!next || next.isEqualNode(there)) continue;
      if (there.contains(document.activeElement) || there.querySelector('details[open]')) continue; // somebody is at it
      if (next.dataset.chart !== undefined) {
        there.dataset.chart = next.dataset.chart;
        draw(there);
        continue;
      }
      there.replaceWith(document.adoptNode(next));
    }
    drawAll();
  };

  // The data of a chart: {times: [s…], lanes: [{name, limit, sends: […], throttled: […]}]}.
  const draw = (element) => {
    if (typeof uPlot === 'undefined') return;
    const of = JSON.parse(element.dataset.chart);
    const style = getComputedStyle(document.documentElement);
    const color = (name) => style.getPropertyValue(name).trim();
    const data = [of.times], series = [{}];
    of.lanes.forEach((lane, i) => {
      const stroke = color('--s' + (i % 6));
      series.push({label: lane.name, stroke, width: 1.5, spanGaps: false, points: {size: 3}});
      data.push(lane.sends);
      if (lane.limit) {
        series.push({label: lane.name + ' limit', stroke, width: 1, dash: [6, 4], points: {show: false}});
        data.push(of.times.map(() => lane.limit));
      }
      if (!lane.throttled.some((n) => n > 0)) return;
      series.push({label: lane.name + ' 429', stroke: color('--bad'), paths: () => null, points: {show: true, size: 7, fill: color('--bad')}});
      data.push(lane.throttled.map((n, at) => (n > 0 ? lane.sends[at] : null)));
    });
    const shape = JSON.stringify(series.map((s) => s.label));
    const known = charts.get(element);
    if (known && known.shape === shape) {
      known.plot.setData(data);
      return;
    }
    if (known) known.plot.destroy();
    const axis = {stroke: color('--soft'), grid: {stroke: color('--line'), width: 1}, ticks: {stroke: color('--line')}};
    const clock = (u, at) => at.map((s) => new Date(s * 1000).toISOString().slice(11, 19));
    const plot = new uPlot({
      width: element.clientWidth, height: 220, series, axes: [{...axis, space: 90, values: clock}, {...axis, size: 44}],
      scales: {x: {range: (u, min, max) => [max - minutes, max]}, y: {range: (u, min, max) => [0, Math.max(max * 1.1, 1)]}},
      legend: {live: false}, cursor: {show: false},
    }, data, element);
    charts.set(element, {plot, shape});
  };

  const drawAll = () => {
    for (const element of document.querySelectorAll('[data-chart]')) if (!charts.has(element)) draw(element);
  };

  const stale = () => {
    const banner = document.getElementById('stale');
    const is = !document.hidden && Date.now() - last > staleAfter;
    if (is && banner.hidden) {
      document.getElementById('stale-since').textContent = new Date(last).toISOString().slice(11, 19) + ' UTC';
    }
    banner.hidden = !is;
  };

  const close = () => {
    clearTimeout(retry);
    if (source) source.close();
    source = null;
  };

  const open = () => {
    close();
    source = new EventSource(document.body.dataset.stream);
    source.addEventListener('snapshot', (e) => { last = Date.now(); swap(e.data); stale(); });
    source.addEventListener('gone', () => { close(); location.reload(); });
    source.addEventListener('error', () => { close(); retry = setTimeout(open, tryAgain); });
  };

  const live = () => {
    if (!document.body.dataset.stream) return;
    open();
    setInterval(stale, 1000);
    document.addEventListener('visibilitychange', () => {
      if (document.hidden) { close(); return; }
      last = Date.now();
      open();
    });
    addEventListener('pagehide', close);
    addEventListener('pageshow', (e) => { if (e.persisted) open(); });
  };

  addEventListener('resize', () => { for (const [element, {plot}] of charts) plot.setSize({width: element.clientWidth, height: 220}); });
  drawAll();
  live();
})();
