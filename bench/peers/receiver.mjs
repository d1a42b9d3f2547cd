// (d) A hand-written receiver: every receipt of a push into one table, then the ack.
import Fastify from "fastify";
import pg from "pg";

const pool = new pg.Pool({ connectionString: process.env.PEER_URL, max: 8 });
const app = Fastify({ logger: false, bodyLimit: 10 * 1024 * 1024 });
const insert = `INSERT INTO received (message_id, status, recipient, payload, received_at)
  SELECT x->>'MessageId', x->>'Status', x->>'To', x, now()
  FROM json_array_elements($1::json) AS x ON CONFLICT DO NOTHING`;

app.post("/push", async (request) => {
  await pool.query(insert, [JSON.stringify(request.body)]);
  return { code: 0, msg: "Success" };
});
app.listen({ port: Number(process.env.PORT), host: "127.0.0.1" });
