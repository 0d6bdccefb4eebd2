/** How people come into the console, and how long they may stay. */
@NullMarked
package dev.slipway.deploy.console.signin;

import org.jspecify.annotations.NullMarked;
