/** What a service says of its own API, in OpenAPI 3.1, made from its code. */
@NullMarked
package dev.slipway.common.openapi;

import org.jspecify.annotations.NullMarked;
