package dev.slipway.deploy.reference;

import java.net.URI;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where the services are whose calls are shown.
 *
 * @param services their addresses by name; an empty one leaves it out
 */
@ConfigurationProperties("slipway.reference")
public record ReferenceProperties(@DefaultValue Map<String, URI> services) {}
