/** The page of one build: its way, what it made, who vouches for it. */
@NullMarked
package dev.slipway.deploy.console.build;

import org.jspecify.annotations.NullMarked;
