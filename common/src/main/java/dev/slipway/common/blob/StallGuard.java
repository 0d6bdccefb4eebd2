package dev.slipway.common.blob;

import com.google.api.client.http.HttpContent;
import com.google.api.client.http.HttpExecuteInterceptor;
import com.google.api.client.http.HttpRequest;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * Gives a request up whose body nobody takes any more; the client then tries again. Its own read
 * time-out begins only behind the body, and its write time-out (2.2.0) waits for the very write
 * that it is to end. A body is written on a virtual thread, as a socket is closed by interrupting
 * that.
 */
final class StallGuard implements HttpExecuteInterceptor {
  private final @Nullable HttpExecuteInterceptor before;
  private final Duration patience;

  /**
   * @param patience a body of which no byte is taken for so long, or twice that, is given up
   */
  StallGuard(@Nullable HttpExecuteInterceptor before, Duration patience) {
    this.before = before;
    this.patience = patience;
  }

  @Override
  public void intercept(HttpRequest request) throws IOException {
    if (before != null) {
      before.intercept(request);
    }
    var content = request.getContent();
    if (content != null && !(content instanceof Body)) {
      request.setContent(new Body(content, patience));
    }
  }

  private record Body(HttpContent content, Duration patience) implements HttpContent {
    @Override
    public long getLength() throws IOException {
      return content.getLength();
    }

    @Override
    public @Nullable String getType() {
      return content.getType();
    }

    @Override
    public boolean retrySupported() {
      return content.retrySupported();
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
      var counted = new Counted(out);
      var write =
          new FutureTask<@Nullable Void>(() -> {
            content.writeTo(counted);
            counted.flush();
            return null;
          });
      var thread = Thread.ofVirtual().name("blob-body").start(write);
      try {
        watch(thread, counted);
        write.get();
      } catch (InterruptedException e) {
        end(thread);
        throw new InterruptedIOException("stopped");
      } catch (ExecutionException e) {
        // as it is: by its kind the client decides whether to try again
        throw e.getCause() instanceof IOException failed ? failed : new IOException(e);
      }
    }

    private void watch(Thread thread, Counted counted) throws InterruptedException, IOException {
      for (var seen = -1L; !thread.join(patience); seen = counted.bytes) {
        if (seen == counted.bytes) {
          end(thread);
          throw new SocketTimeoutException("stalled: no byte was taken for " + patience);
        }
      }
    }

    /** Afterwards nobody touches the content, which the next try begins anew. */
    private static void end(Thread thread) {
      thread.interrupt();
      var interrupted = Thread.interrupted();
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException again) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static final class Counted extends FilterOutputStream {
    private volatile long bytes;

    Counted(OutputStream out) {
      super(out);
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
    public void write(byte[] buffer, int offset, int length) throws IOException {
      out.write(buffer, offset, length);
      bytes += length;
    }

    /** Not the connection: an interrupt closes the content's channel, and with it this. */
    @Override
    public void close() {}
  }
}
