/** What Prometheus says of a wave. */
@NullMarked
package dev.slipway.deploy.prometheus;

import org.jspecify.annotations.NullMarked;
