"""What the door is measured against: others who take the same pushes.

settings, urls, views   (a) nothing, (b) the plain way, (c) a task for each receipt
receiver.mjs            (d) Fastify with node-postgres
flow.json               (e) Node-RED with the same insert
"""
