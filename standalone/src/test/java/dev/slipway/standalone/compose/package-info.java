/** Checks of what is beside the modules: the compose file and the Dockerfile. */
@org.jspecify.annotations.NullMarked
package dev.slipway.standalone.compose;
