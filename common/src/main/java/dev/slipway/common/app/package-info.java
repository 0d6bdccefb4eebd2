/** Apps: the repositories that Slipway builds and deploys. */
@NullMarked
package dev.slipway.common.app;

import org.jspecify.annotations.NullMarked;
