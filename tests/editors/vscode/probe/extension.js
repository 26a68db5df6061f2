// One line of JSON in, {"code", "args"}: the body of an async function of (vscode, args).
// One line of JSON out: {"value"} or {"error"}.
const net = require("node:net");
const vscode = require("vscode");

const AsyncFunction = (async () => {}).constructor;

async function answer(line) {
  const { code, args } = JSON.parse(line);
  try {
    return { value: await new AsyncFunction("vscode", "args", code)(vscode, args) };
  } catch (error) {
    return { error: String(error?.stack ?? error) };
  }
}

function activate(context) {
  const server = net.createServer((socket) => {
    let waiting = "";
    socket.setEncoding("utf8").on("data", async (text) => {
      waiting += text;
      const lines = waiting.split("\n");
      waiting = lines.pop();
      for (const line of lines) {
        socket.write(`${JSON.stringify(await answer(line))}\n`);
      }
    });
    socket.on("error", () => socket.destroy());
  });
  server.listen(process.env.LINTSEQ_PROBE);
  context.subscriptions.push({ dispose: () => server.close() });
}

module.exports = { activate };
