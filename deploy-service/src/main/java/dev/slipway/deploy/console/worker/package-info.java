/** The page of workers. */
@NullMarked
package dev.slipway.deploy.console.worker;

import org.jspecify.annotations.NullMarked;
