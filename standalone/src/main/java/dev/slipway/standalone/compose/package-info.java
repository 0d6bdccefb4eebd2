/** The one-shot containers and the git server of {@code docker-compose.yml}. */
@NullMarked
package dev.slipway.standalone.compose;

import org.jspecify.annotations.NullMarked;
