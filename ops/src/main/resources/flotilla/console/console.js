// Keeps a page up to date with the events of its server. The server renders; this puts the parts in place.
"use strict";
(() => {
  const path = document.body.dataset.live;
  const said = document.getElementById("live");
  const POINTS = 600;
  const SILENCE = 10000;
  let source = null;
  let heard = 0;
  let again = 0;
  let lasting = 500;

  const say = (text) => {
    if (said && said.textContent !== text) {
      said.textContent = text;
    }
  };

  const element = (html) => {
    const template = document.createElement("template");
    template.innerHTML = html.trim();
    return template.content.firstElementChild;
  };

  // The focus stays where it was: on the same link of the new row.
  const replace = (old, fresh) => {
    const links = [...old.querySelectorAll("a, button, [tabindex]")];
    const focused = links.indexOf(document.activeElement);
    old.replaceWith(fresh);
    if (focused >= 0) {
      const same = [...fresh.querySelectorAll("a, button, [tabindex]")][focused];
      if (same) {
        same.focus({ preventScroll: true });
      }
    }
  };

  const show = (picture) => {
    const rows = document.getElementById("rows");
    if (rows) {
      if (picture.whole) {
        const wanted = new Set(picture.order);
        [...rows.children].filter((row) => !wanted.has(row.id)).forEach((row) => row.remove());
      }
      (picture.gone || []).forEach((id) => document.getElementById(id)?.remove());
      Object.entries(picture.set || {}).forEach(([id, html]) => {
        const old = document.getElementById(id);
        const fresh = element(html);
        if (!old) {
          rows.append(fresh);
        } else if (old.outerHTML !== fresh.outerHTML) {
          replace(old, fresh);
        }
      });
      (picture.order || []).forEach((id, place) => {
        const row = document.getElementById(id);
        if (row && rows.children[place] !== row) {
          rows.insertBefore(row, rows.children[place] || null);
        }
      });
    }
    Object.entries(picture.parts || {}).forEach(([id, html]) => {
      const old = document.getElementById(id);
      if (old) {
        replace(old, element(html));
      }
    });
    if (picture.numbers) {
      draw(picture.numbers);
    }
  };

  const style = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const short = (value) => {
    const units = ["", "k", "M", "G", "T"];
    let unit = 0;
    while (Math.abs(value) >= 1000 && unit < units.length - 1) {
      value /= 1000;
      unit += 1;
    }
    return Number(value.toPrecision(3)) + units[unit];
  };

  const charts = [];
  const axis = () => ({ stroke: () => style("--soft"), grid: { stroke: () => style("--line"), width: 1 }, ticks: { stroke: () => style("--line") } });
  const makeCharts = () => {
    document.querySelectorAll("[data-chart]").forEach((place) => {
      const columns = place.dataset.chart.split(" ").map(Number);
      const names = place.dataset.names.split("|");
      const colours = ["--first", "--second"];
      const series = names.map((name, i) => ({
        label: name, stroke: () => style(colours[i]), width: 2, dash: i === 1 ? [6, 3] : undefined,
        points: { show: false }, value: (plot, value) => (value == null ? "" : short(value)),
      }));
      // A chart begins with an empty minute.
      const now = Date.now() / 1000;
      const data = [[now - 60, now], ...columns.map(() => [null, null])];
      const size = () => ({ width: Math.max(200, place.clientWidth), height: 150 });
      const plot = new uPlot({
        ...size(), series: [{ label: "Time" }, ...series], cursor: { show: false }, legend: { live: false },
        tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), "Etc/UTC"),
        axes: [axis(), { ...axis(), size: 50, values: (self, ticks) => ticks.map(short) }],
        scales: { y: { range: (self, low, high) => [0, Math.max(1, high || 0)] } },
      }, data, place);
      charts.push({ plot, data, columns, size });
    });
    addEventListener("resize", () => charts.forEach((chart) => chart.plot.setSize(chart.size())));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => charts.forEach((chart) => chart.plot.redraw()));
  };

  const draw = (numbers) => {
    charts.forEach(({ plot, data, columns }) => {
      data[0].push(Date.now() / 1000);
      columns.forEach((column, i) => data[i + 1].push(numbers[column]));
      if (data[0].length > POINTS) {
        data.forEach((list) => list.shift());
      }
      plot.setData(data);
    });
  };

  const close = () => {
    clearTimeout(again);
    if (source) {
      source.close();
      source = null;
    }
  };

  const reopen = () => {
    close();
    say("Reconnecting…");
    again = setTimeout(open, lasting);
    lasting = Math.min(5000, lasting * 2);
  };

  const alive = () => {
    heard = Date.now();
    lasting = 500;
    say("Live.");
  };

  // A status of HTTP is hidden from events. Whoever is not signed in any more is led to the sign-in by the page itself.
  const checkSignIn = () => fetch(path, { method: "HEAD", redirect: "manual" })
    .then((answer) => (answer.status === 401 ? location.reload() : reopen()))
    .catch(reopen);

  const open = () => {
    close();
    heard = Date.now();
    source = new EventSource(path);
    source.addEventListener("picture", (event) => {
      alive();
      show(JSON.parse(event.data));
    });
    source.addEventListener("beat", alive);
    source.addEventListener("out", () => location.reload());
    source.addEventListener("full", () => {
      close();
      say("Not live: too many pages are open on this node.");
    });
    source.addEventListener("error", () => {
      if (source && source.readyState === EventSource.CLOSED) {
        close();
        say("Reconnecting…");
        checkSignIn();
      } else {
        reopen();
      }
    });
  };

  if (path && window.EventSource) {
    makeCharts();
    open();
    setInterval(() => {
      if (source && Date.now() - heard > SILENCE) {
        reopen();
      }
    }, 2000);
    // Nobody looks at a hidden page, so the server need not look for it, either.
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) {
        close();
        say("Paused while the page is hidden.");
      } else {
        open();
      }
    });
    addEventListener("pagehide", close);
  }
})();
