// The stock renderer takes the values of MATCH in `running` from the inputs that changed. An initial call has
// none, and an input that changed need not have them; then it fails before it sends its request. The outputs
// always have them.
const longCallbackHooks = {
  request_pre(payload) {
    const ids = [payload.outputs].flat(2).map((output) => output?.id).filter((id) => id instanceof Object);
    if (ids.length || !payload.parsedChangedPropsIds.length) {
      payload.parsedChangedPropsIds = [Object.assign({}, ...ids)];
    }
  },
};
