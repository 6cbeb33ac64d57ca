//! Look-ups that are slow, dead, shared.

use super::*;
use std::sync::atomic::{AtomicUsize, Ordering};

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .max_blocking_threads(32)
        .enable_all()
        .build()
        .expect("a runtime")
}

fn counted(delay: Duration, count: Arc<AtomicUsize>) -> Lookup {
    Arc::new(move |_| {
        count.fetch_add(1, Ordering::SeqCst);
        async move {
            tokio::time::sleep(delay).await;
            Ok(vec![IpAddr::from([8, 8, 8, 8])])
        }
        .boxed()
    })
}

#[test]
fn those_who_ask_at_the_same_time_share_a_look_up_and_later_ones_do_not() {
    let count = Arc::new(AtomicUsize::new(0));
    let names = Names::new(counted(Duration::from_millis(50), count.clone()), LIMIT);
    runtime().block_on(async {
        let ask = || names.clone().addresses("a.example", Arc::default());
        let (first, second) = futures_util::future::join(ask(), ask()).await;
        assert_eq!(first, second);
        assert_eq!(count.load(Ordering::SeqCst), 1);
        while !names.under_way().is_empty() {
            tokio::task::yield_now().await;
        }
        assert!(ask().await.is_ok());
        assert_eq!(count.load(Ordering::SeqCst), 2);
    });
}

#[test]
fn a_dead_name_server_costs_the_limit_and_one_look_up() {
    let count = Arc::new(AtomicUsize::new(0));
    let slow = counted(Duration::from_secs(600), count.clone());
    let names = Names::new(slow, Duration::from_millis(20));
    runtime().block_on(async {
        for _ in 0..3 {
            let found = names
                .clone()
                .addresses("dead.example", Arc::default())
                .await;
            assert_eq!(found, Err(Refusal::TooSlow));
        }
    });
    assert_eq!(count.load(Ordering::SeqCst), 1);
}

#[test]
fn an_unknown_name_and_an_empty_answer_are_told_alike() {
    let empty: Lookup = Arc::new(|_| async { Ok(vec![]) }.boxed());
    let failing: Lookup = Arc::new(|_| async { Err(io::Error::other("no")) }.boxed());
    runtime().block_on(async {
        for lookup in [empty, failing] {
            let found = Names::new(lookup, LIMIT)
                .addresses("a.example", Arc::default())
                .await;
            assert_eq!(found, Err(Refusal::Unknown));
        }
    });
}

/// Hosts that begin with "dead" hold a thread until the end of the test, as getaddrinfo does.
fn blocking(gate: Arc<Mutex<()>>, begun: Arc<AtomicUsize>) -> Lookup {
    Arc::new(move |host| {
        let (gate, begun) = (gate.clone(), begun.clone());
        let find = move || {
            if host.starts_with("dead") {
                begun.fetch_add(1, Ordering::SeqCst);
                drop(gate.lock());
            }
            vec![IpAddr::from([8, 8, 8, 8])]
        };
        async move { Ok(tokio::task::spawn_blocking(find).await?) }.boxed()
    })
}

#[test]
fn the_dead_names_of_one_hold_few_threads_and_delay_nobody_else() {
    let (gate, begun) = (Arc::new(Mutex::new(())), Arc::new(AtomicUsize::new(0)));
    let names = Names::new(blocking(gate.clone(), begun.clone()), LIMIT);
    let (one, other) = (Arc::<Share>::default(), Arc::<Share>::default());
    let closed = gate.lock().expect("no panic");
    runtime().block_on(async {
        for number in 0..100 {
            let (names, one) = (names.clone(), one.clone());
            tokio::spawn(async move {
                let host = format!("dead-{number}.example");
                names.addresses(&host, one).await
            });
        }
        while begun.load(Ordering::SeqCst) < 4 {
            tokio::task::yield_now().await;
        }
        let fastest = fastest(&names, &other).await;
        assert!(fastest < Duration::from_millis(100), "{fastest:?}");
        // What waits for its turn is nothing that others could come to wait with.
        assert_eq!(names.under_way().len(), 4);
        assert_eq!(begun.load(Ordering::SeqCst), 4);
        drop(closed);
    });
}

// Of several, because a busy machine delays some.
async fn fastest(names: &Arc<Names>, share: &Arc<Share>) -> Duration {
    let mut fastest = Duration::MAX;
    for number in 0..5 {
        let begun = std::time::Instant::now();
        let host = format!("alive-{number}.example");
        let found = names.clone().addresses(&host, share.clone()).await;
        assert!(found.is_ok());
        fastest = fastest.min(begun.elapsed());
    }
    fastest
}
