// Runs verify.mjs beside the page that asked, so that the page can be used while it counts.

onmessage = async ({ data }) => {
  try {
    const { copy, verify } = await import(data.verifier);
    const files = await copy(data.log, { progress: (done, known) => postMessage({ done, known }) });
    for (const [path, bytes] of data.own) files.set(path, bytes);
    postMessage({ counting: true });
    const progress = (done, known) => postMessage({ counting: true, done, known });
    postMessage({ result: await verify(files, data.chosen, progress) });
  } catch (problem) {
    postMessage({ problem: problem.message });
  }
};
