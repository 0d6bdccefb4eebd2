/** Apps: seen and registered. */
@NullMarked
package dev.slipway.client.app;

import org.jspecify.annotations.NullMarked;
