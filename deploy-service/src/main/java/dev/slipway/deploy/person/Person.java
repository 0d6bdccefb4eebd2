package dev.slipway.deploy.person;

import dev.slipway.common.access.Role;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Somebody with a password, as administrators see it.
 *
 * @param apps the only ones that a DEPLOYER may act on; none: all
 */
public record Person(
    String name, Role role, @Nullable List<String> apps, Instant createdAt, String createdBy) {}
