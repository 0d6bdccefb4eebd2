/** Times in which no deployment begins. */
@NullMarked
package dev.slipway.deploy.freeze;

import org.jspecify.annotations.NullMarked;
