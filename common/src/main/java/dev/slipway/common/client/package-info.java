/** Calls from one service to another. */
@NullMarked
package dev.slipway.common.client;

import org.jspecify.annotations.NullMarked;
