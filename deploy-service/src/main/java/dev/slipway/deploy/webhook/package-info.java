/** Tells others, by HTTP, of builds and deployments. */
@NullMarked
package dev.slipway.deploy.webhook;

import org.jspecify.annotations.NullMarked;
