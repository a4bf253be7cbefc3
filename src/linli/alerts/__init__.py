"""From exceedances to alerts and cases (预警): one alert per episode and cause."""
