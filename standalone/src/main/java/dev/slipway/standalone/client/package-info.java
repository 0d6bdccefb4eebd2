/** Commands that call a deploy-service wherever it runs. */
@NullMarked
package dev.slipway.standalone.client;

import org.jspecify.annotations.NullMarked;
