/** Jobs for people: reading them, their logs, and moving them by hand. */
@NullMarked
package dev.slipway.queue.job;

import org.jspecify.annotations.NullMarked;
