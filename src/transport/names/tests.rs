//! Look-ups that are slow, dead, shared.

use super::*;
use std::sync::atomic::{AtomicUsize, Ordering};

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
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
