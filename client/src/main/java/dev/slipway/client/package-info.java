/** The command line: small, without Spring, so that it starts at once. */
@NullMarked
package dev.slipway.client;

import org.jspecify.annotations.NullMarked;
