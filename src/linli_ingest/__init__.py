"""The hot path: MQTT/JetStream to decode to rules to COPY. Never loads Django; owns its tables."""
