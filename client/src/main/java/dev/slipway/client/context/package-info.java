/** The installations that somebody is signed in to. */
@NullMarked
package dev.slipway.client.context;

import org.jspecify.annotations.NullMarked;
