/** What is written to a terminal, or for a program. */
@NullMarked
package dev.slipway.client.text;

import org.jspecify.annotations.NullMarked;
