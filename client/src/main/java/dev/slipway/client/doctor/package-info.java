/** Finds out what an installation lacks. */
@NullMarked
package dev.slipway.client.doctor;

import org.jspecify.annotations.NullMarked;
