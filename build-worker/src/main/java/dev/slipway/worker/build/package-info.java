/** Running a repository's own build command, bounded and watched. */
@NullMarked
package dev.slipway.worker.build;

import org.jspecify.annotations.NullMarked;
