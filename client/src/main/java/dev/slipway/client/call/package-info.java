/** Calls to the services, and which ones. */
@NullMarked
package dev.slipway.client.call;

import org.jspecify.annotations.NullMarked;
