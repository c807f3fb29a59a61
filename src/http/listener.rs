//! The one place that opens a port. TLS joins here.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use actix_web::dev::Server;
use actix_web::middleware::{DefaultHeaders, from_fn};
use actix_web::web::ServiceConfig;
use actix_web::{App, HttpServer};

use super::metrics;

/// Connections beyond this wait in the kernel's queue.
const MAX_CONNECTIONS: usize = 12_000;

/// Opens the port, so that a taken one is told before anything else starts.
///
/// # Errors
/// The system's error: the port is taken, or not ours to open.
pub fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    let listener = TcpListener::bind(address)?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

/// Serves what `configure` registers until the process is told to stop (SIGTERM, SIGINT), then
/// lets requests in course end.
///
/// A request with `Expect: 100-continue` gets its `100` before any handler runs, also where the
/// length it announces is refused at once: `HttpServer` has no place for an expect service, and
/// leaving it for the parts it is made of would cost the one place that knows them.
///
/// # Errors
/// The system's error.
pub fn serve<F>(listener: TcpListener, configure: F) -> io::Result<Server>
where
    F: Fn(&mut ServiceConfig) + Send + Clone + 'static,
{
    let server = HttpServer::new(move || {
        App::new()
            .wrap(from_fn(metrics::observe))
            .wrap(security_headers())
            .configure(configure.clone())
    })
    .tcp_nodelay(true)
    // One piece of a download at a time is copied to it, and sent by one call.
    .h1_write_buffer_size(256 * 1024)
    .worker_max_blocking_threads(8)
    .max_connections(MAX_CONNECTIONS)
    .client_request_timeout(Duration::from_secs(30))
    .keep_alive(Duration::from_secs(75))
    .shutdown_timeout(20)
    .listen(listener)?;
    Ok(server.run())
}

/// Headers of every answer: nothing but our own files, no inline style or script, no frame
/// around us.
pub fn security_headers() -> DefaultHeaders {
    DefaultHeaders::new()
        .add(("X-Content-Type-Options", "nosniff"))
        .add(("Referrer-Policy", "same-origin"))
        .add(("X-Frame-Options", "DENY"))
        .add((
            "Content-Security-Policy",
            "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; \
             connect-src 'self'; form-action 'self'; frame-ancestors 'none'; \
             base-uri 'none'",
        ))
}
