/** What the launcher runs once, so that every later start is quick. */
@NullMarked
package dev.slipway.client.training;

import org.jspecify.annotations.NullMarked;
