// (e) Node-RED without its editor; the pool is handed to the function nodes.
const pg = require("pg");
module.exports = {
  uiPort: Number(process.env.PORT),
  uiHost: "127.0.0.1",
  userDir: process.env.PEER_FOLDER,
  flowFile: process.env.PEER_FLOW,
  httpAdminRoot: false,
  logging: { console: { level: "warn" } },
  functionGlobalContext: {
    pool: new pg.Pool({ connectionString: process.env.PEER_URL, max: 8 }),
  },
};
