/** Jobs: one build of one commit each, their states and their order. */
@NullMarked
package dev.slipway.common.job;

import org.jspecify.annotations.NullMarked;
