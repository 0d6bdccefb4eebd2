/** Builds, what they print, and who builds them. */
@NullMarked
package dev.slipway.client.build;

import org.jspecify.annotations.NullMarked;
