@org.jspecify.annotations.NullMarked
package dev.slipway.standalone.monitoring;
