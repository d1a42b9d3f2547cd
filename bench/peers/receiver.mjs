// (d) A hand-written receiver: every receipt of a push into one table, then the ack.
import Fastify from "fastify";
import pg from "pg";

const pool = new pg.Pool({ connectionString: process.env.PEER_URL, max: 8 });
const app = Fastify({ logger: false, bodyLimit: 10 * 1024 * 1024 });
const ack = { code: 0, msg: "Success" };
const one = {
  name: "one",
  text: `INSERT INTO received (message_id, status, recipient, payload, received_at)
    VALUES ($1, $2, $3, $4, now()) ON CONFLICT DO NOTHING`,
};
const all = `INSERT INTO received (message_id, status, recipient, payload, received_at)
  SELECT x->>'MessageId', x->>'Status', x->>'To', x, now()
  FROM json_array_elements($1::json) AS x ON CONFLICT DO NOTHING`;

// As one writes it first: a statement for each receipt.
app.post("/push", async (request) => {
  for (const item of request.body) {
    const values = [item.MessageId, item.Status, item.To, JSON.stringify(item)];
    await pool.query({ ...one, values });
  }
  return ack;
});

// As one tunes it: one statement for the whole push.
app.post("/at-once", async (request) => {
  await pool.query(all, [JSON.stringify(request.body)]);
  return ack;
});
app.listen({ port: Number(process.env.PORT), host: "127.0.0.1" });
