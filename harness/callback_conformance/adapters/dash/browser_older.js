// What older renderers do differently from the newest: they keep no list of changes, they take no properties
// from outside, and before Dash 2.6 a page polls by timers (dcc.Interval).
({ state, gate, isFree }) => {
  const timers = new Map(); // what setInterval returned -> the name of the timer
  const start = window.setInterval.bind(window);
  const stop = window.clearInterval.bind(window);
  let started = 0;
  let fault = ""; // what the request of the tick that was let pass last is to meet

  const isComponent = (part) => Boolean(part && typeof part === "object" && part.props);

  function* components(part) {
    if (Array.isArray(part)) for (const child of part) yield* components(child);
    if (!isComponent(part)) return;
    yield part;
    yield* components(part.props.children);
  }

  // A tick is kept back until the test lets it pass; further ticks of the same timer join it.

  window.setInterval = (run, ms, ...parameters) => {
    const isTimer = [...components(state().layout)].some(
      ({ type, props }) => type === "Interval" && (props.interval ?? 1000) === ms,
    );
    if (!isTimer) return start(run, ms, ...parameters);
    const job = `timer-${(started += 1)}`;
    const pass = (met) => {
      fault = met;
      run();
    };
    const tick = () => (isFree() ? pass("") : gate.some((poll) => poll.job === job) || gate.push({ job, pass }));
    const handle = start(tick, ms);
    timers.set(handle, job);
    return handle;
  };

  window.clearInterval = (handle) => {
    const waiting = gate.findIndex(({ job }) => job === timers.get(handle));
    if (waiting >= 0) gate.splice(waiting, 1);
    timers.delete(handle);
    stop(handle);
  };

  // The fault that a request meets: none, unless it is that of a tick.
  function faultOf({ changedPropIds }) {
    const isTick = changedPropIds?.length && changedPropIds.every((prop) => prop.endsWith(".n_intervals"));
    const met = isTick ? fault : "";
    if (isTick) fault = "";
    return met;
  }

  // The properties that differ between two layouts. A property that was set to the value it had is not seen.
  function* changes(before, after) {
    if (before === after) return;
    if (Array.isArray(before) && Array.isArray(after)) {
      for (const [place, part] of after.entries()) yield* changes(before[place], part);
      return;
    }
    if (!isComponent(before) || !isComponent(after)) return;
    for (const [name, value] of Object.entries(after.props)) {
      const old = before.props[name];
      const hold = name === "children" && [...components(value)].length && [...components(old)].length;
      if (hold) yield* changes(old, value);
      else if (old !== value && after.props.id) yield { id: after.props.id, name, value };
    }
  }

  // Set properties as a component sets its own: by the function that React passes to it.
  function put(id, props) {
    const root = document.getElementById("react-entry-point")._reactRootContainer;
    const parts = [(root._internalRoot ?? root).current];
    while (parts.length) {
      const part = parts.pop();
      const { id: theirs, setProps } = part.memoizedProps ?? {};
      if (theirs === id && setProps) return setProps(props);
      parts.push(...[part.sibling, part.child].filter(Boolean));
    }
    throw new Error(`no component ${id} takes ${JSON.stringify(props)}`);
  }

  return { changes, faultOf, put, timers: () => [...timers.values()] };
}
