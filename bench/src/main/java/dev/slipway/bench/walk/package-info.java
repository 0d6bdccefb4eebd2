/** The walk of one commit, and what the installation that it walks through costs. */
@NullMarked
package dev.slipway.bench.walk;

import org.jspecify.annotations.NullMarked;
