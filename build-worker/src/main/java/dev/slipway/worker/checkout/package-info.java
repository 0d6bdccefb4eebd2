/** Source code: mirrors of repositories and clean folders with one commit each. */
@NullMarked
package dev.slipway.worker.checkout;

import org.jspecify.annotations.NullMarked;
