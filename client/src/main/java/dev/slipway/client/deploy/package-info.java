/** Deployments: made, watched, moved. */
@NullMarked
package dev.slipway.client.deploy;

import org.jspecify.annotations.NullMarked;
