package dev.slipway.common.openapi;

import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The problem codes that a call can be refused with, besides those that {@link ApiDescription} adds
 * to all: bad input, no token, the wrong role, too many calls.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@Repeatable(Refuses.All.class)
public @interface Refuses {
  /** The HTTP status. */
  int status();

  /** The codes that come with it. */
  String[] codes();

  /** Several. */
  @Retention(RetentionPolicy.RUNTIME)
  @Target(ElementType.METHOD)
  @interface All {
    /** By status. */
    Refuses[] value();
  }
}
