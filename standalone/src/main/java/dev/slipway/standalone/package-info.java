/** All of Slipway in one JVM on an embedded default. */
@NullMarked
package dev.slipway.standalone;

import org.jspecify.annotations.NullMarked;
