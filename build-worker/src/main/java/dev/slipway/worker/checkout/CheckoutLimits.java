package dev.slipway.worker.checkout;

import java.time.Duration;
import org.springframework.util.unit.DataSize;

/**
 * How much of the disk checkouts and mirrors may take.
 *
 * @param maxWorkspaceSize what one build's folder may hold
 * @param maxRepositorySize what is fetched of one repository
 * @param mirrorsMaxSize of all mirrors; those in use are kept whatever they take
 * @param mirrorsMaxAge since a mirror's last use
 */
public record CheckoutLimits(
    DataSize maxWorkspaceSize,
    DataSize maxRepositorySize,
    DataSize mirrorsMaxSize,
    Duration mirrorsMaxAge) {}
