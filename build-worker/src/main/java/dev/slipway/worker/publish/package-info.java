/** From what a build made to a named, hashed and signed artifact in the home bucket. */
@NullMarked
package dev.slipway.worker.publish;

import org.jspecify.annotations.NullMarked;
