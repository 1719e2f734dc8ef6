"""The helpline's prompt tool: what an adviser needs while somebody is on the line."""
